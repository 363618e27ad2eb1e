"""The register as a file: reading it, checking it, planning the import. PURE."""
