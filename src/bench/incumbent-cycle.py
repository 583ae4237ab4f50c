"""One cycle of the Python agent, which otherwise sleeps between two of them: incumbent-cycle.py MODE CONFIG"""
import importlib
import inspect
import sys

mode, config = sys.argv[1:]
sys.argv = ["waldur_site_agent", "-m", mode, "-c", config]

from waldur_site_agent.common import utils  # noqa: E402

module = importlib.import_module("waldur_site_agent.polling_processing.agent_" + mode)
configuration = utils.init_configuration()
# some modes keep identities of agents from one cycle to the next
kept = [{}] * (len(inspect.signature(module._process_offerings).parameters) - 1)
module._process_offerings(configuration, *kept)
