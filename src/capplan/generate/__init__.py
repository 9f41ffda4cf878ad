"""Made-up but realistic instances of any size, the same for the same seed."""

from capplan.generate.instances import SIZES, GeneratorOptions, Size, generate

__all__ = ["SIZES", "GeneratorOptions", "Size", "generate"]
