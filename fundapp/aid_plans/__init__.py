"""Aid in instalments: requests of one plan, each paid on its day when its conditions hold."""
