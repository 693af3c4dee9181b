"""What places refuses, beside the common tree."""

from linli.kernel.errors import InputError


class CrsError(InputError):
    """A file's coordinate system is unknown here, or not the one that was said."""

    default_code = "places.crs"


class GeometryError(InputError):
    """An outline that cannot be read or repaired, or a division that does not tile its ground."""

    default_code = "places.geometry"
