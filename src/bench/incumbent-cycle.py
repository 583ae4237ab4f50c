"""One cycle of the Python agent, which otherwise sleeps between two of them: incumbent-cycle.py MODE CONFIG"""
import importlib
import sys

mode, config = sys.argv[1:]
sys.argv = ["waldur_site_agent", "-m", mode, "-c", config]

from waldur_site_agent.common import utils  # noqa: E402

module = importlib.import_module("waldur_site_agent.polling_processing.agent_" + mode)
configuration = utils.init_configuration()
if mode == "order_process":
    module._process_offerings(configuration, {})
else:
    module._process_offerings(configuration)
