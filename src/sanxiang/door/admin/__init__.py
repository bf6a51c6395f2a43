"""Acts on the agency itself, by what they are about."""
