"""Rules made visible: the catalogue by place and day, one rule with its sources, procedures, what will change."""
