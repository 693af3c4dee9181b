"""Rule packs, pure: schemas, loader, resolver, explanation, checks, compiled snapshots. No Django, no database."""
