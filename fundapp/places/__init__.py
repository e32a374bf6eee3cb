"""Places: provinces, districts, subdistricts with their official codes, and schools later on.

Codes are those of the Department of Provincial Administration: 2 digits province, 4 district, 6
subdistrict. It may import the kernel only.
"""
