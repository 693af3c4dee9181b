"""The register of ground: five tiers, grids and their lineage, outlines, layers, point lookup."""
