"""Provinces, districts and subdistricts with their official codes.

Codes are those of the Department of Provincial Administration: 2 digits for a province, 4 for a
district, 6 for a subdistrict. It may import trail, web and the kernel.
"""
