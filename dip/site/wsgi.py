"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dip.site.settings")
application = get_wsgi_application()
# What start-up made stays: without this the collector walks all of it again and again during a push of thousands of rows.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
