"""Files of rows, whatever their form: told from their content, read in bounded memory, refused where they are bombs."""

from incidents.loading.files.row_file import TableFile

__all__ = ["TableFile"]
