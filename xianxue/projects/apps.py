"""Capital projects as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Building of schools: projects, their money, their gates."""

    name = "xianxue.projects"
    label = "projects"
    verbose_name = _("项目建设")

    def ready(self) -> None:
        """Say what a cell that names a project or its owner can mean."""
        from xianxue.kernel.columns import provide_references  # noqa: PLC0415 - app ready
        from xianxue.projects import selectors  # noqa: PLC0415 - app ready

        provide_references("projects", selectors.project_referents)
        provide_references("project-owners", selectors.owner_referents)
