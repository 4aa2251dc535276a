"""Jobs of agreements, one file per topic."""

from dip.contracts.jobs import deadlines as deadlines
from dip.contracts.jobs import outlooks as outlooks
from dip.contracts.jobs import settlements as settlements
