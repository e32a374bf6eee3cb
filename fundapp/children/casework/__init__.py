"""Work with a child: who else belongs to it, where it lives, notes, visits, needs, plans,
screenings, follow-ups, and moves to another district.
"""
