"""Made-up but realistic instances of any size, the same for the same seed."""

from capplan.generate.instances import generate
from capplan.generate.options import SIZES, GeneratorOptions, Size

__all__ = ["SIZES", "GeneratorOptions", "Size", "generate"]
