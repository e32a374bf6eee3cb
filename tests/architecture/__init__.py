"""Rules of the whole source: imports, sizes, routes, templates, migrations, translations."""
