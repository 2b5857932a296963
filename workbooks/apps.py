"""App configuration."""

from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    """Workbooks in and out: guard, reader, import wizard, writer. No domain words."""

    name = "workbooks"
    verbose_name = "表格导入导出"
