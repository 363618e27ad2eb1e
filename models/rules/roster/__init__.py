"""The register as files: rows read, compared with what is stored, and said in words."""
