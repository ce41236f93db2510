"""The built C library, named by KUNDENWERT_C_LIBRARY, as Python can call it."""

from __future__ import annotations

import ctypes
import datetime
import os

import pytest

__all__ = ["LIBRARY", "NEEDS_LIBRARY", "Error", "Library", "day", "stream_pointer"]

LIBRARY = os.environ.get("KUNDENWERT_C_LIBRARY")
NEEDS_LIBRARY = pytest.mark.skipif(not LIBRARY, reason="KUNDENWERT_C_LIBRARY does not name the built C library")

EPOCH = datetime.date(1970, 1, 1)


class Error(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_int32),
        ("code", ctypes.c_int32),
        ("row", ctypes.c_int64),
        ("argument", ctypes.c_char * 32),
        ("message", ctypes.c_char * 224),
    )


class Library:
    """Calls by name; a status other than 0 fails the test with the message."""

    def __init__(self, path):
        self.functions = ctypes.CDLL(path)
        for name in ("kw_version", "kw_code_name", "kw_code_meaning", "kw_parameter_name"):
            getattr(self.functions, name).restype = ctypes.c_char_p
        self.functions.kw_code_count.restype = ctypes.c_int64
        self.functions.kw_parameter_count.restype = ctypes.c_int64
        self.functions.kw_summary_rows.restype = ctypes.c_int64

    def options(self, kind, struct):
        options = struct()
        getattr(self.functions, f"kw_{kind}_init")(ctypes.byref(options), ctypes.c_int64(ctypes.sizeof(struct)))
        return options

    def call(self, name, *arguments):
        error = self.options("error", Error)
        status = getattr(self.functions, name)(*arguments, ctypes.byref(error))
        assert status == 0, f"{name}: {error.argument.decode()} {error.row} {error.message.decode()}"

    def made(self, name, *arguments):
        handle = ctypes.c_void_p()
        self.call(name, *arguments, ctypes.byref(handle))
        return handle


def stream_pointer(capsule):
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype = ctypes.c_void_p
    pointer_of.argtypes = (ctypes.py_object, ctypes.c_char_p)
    return ctypes.c_void_p(pointer_of(capsule, b"arrow_array_stream"))


def day(date):
    return ctypes.c_int32((date - EPOCH).days)
