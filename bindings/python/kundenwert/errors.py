"""The one exception, and the one warning."""

from __future__ import annotations

__all__ = ["ConvergenceWarning", "KundenwertError"]


class KundenwertError(ValueError):
    """A caller's mistake: what is wrong, with which argument, in which row.

    Nothing has been changed when it is raised. ``str(error)`` is one line, such as ``amount, row 17: is negative``.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    code : str
        Name of the code; all of them are in ``kundenwert.codes.errors``.
    argument : str
        The parameter or column it is about, as the caller spelled it; may be empty.
    row : int or None
        The smallest offending row, counted from 0 over the whole input; None where it is about no single row.

    Examples
    --------
    >>> import kundenwert as kw
    >>> try:
    ...     kw.BgNbd(r=-1.0, alpha=4.4, a=0.8, b=2.4, unit="week")
    ... except kw.KundenwertError as error:
    ...     print(error.code, error.argument, error.row)
    sign r None
    """

    code: str
    argument: str
    row: int | None
    message: str

    def __init__(self, message: str, *, code: str, argument: str = "", row: int | None = None) -> None:
        place = ", ".join([*([argument] if argument else []), *([] if row is None else [f"row {row}"])])
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.code = code
        self.argument = argument
        self.row = row

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.message, self.code, self.argument, self.row)


def _restored(message: str, code: str, argument: str, row: int | None) -> KundenwertError:
    return KundenwertError(message, code=code, argument=argument, row=row)


class ConvergenceWarning(UserWarning):
    """A fit ended otherwise than converged; the text says how, and the model's ``outcome`` and ``detail`` too."""
