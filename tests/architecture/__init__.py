"""What the whole house promises: directions, sizes, routes, templates, migrations, translations."""
