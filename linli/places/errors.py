"""What places refuses, beside the common tree."""

from linli.kernel.errors import InputError


class CrsError(InputError):
    """A file's coordinate system is unknown here, or not the one that was said."""

    default_code = "places.crs"


class GeometryError(InputError):
    """An outline that cannot be read or repaired."""

    default_code = "places.geometry"


class SequenceFullError(InputError):
    """A community has used its 999 grid numbers (numbers are never used twice)."""

    default_code = "places.sequence_full"
