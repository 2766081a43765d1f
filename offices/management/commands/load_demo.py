from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from offices.demo.loading import load_demo
from offices.models import Office


class Command(BaseCommand):
    help = "Loads the demo offices, marked as demo. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is an office already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Office.objects.exists():
            return
        count = load_demo(timezone.localdate())
        self.stdout.write(f"{count} demo offices loaded")
