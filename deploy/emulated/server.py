"""AWS on a loopback port: moto, and stand-ins for what it lacks. Ends with its standard input."""

import os
import sys
import threading

import stand_ins
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

stand_ins.install()
server = make_server(
    "127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=True
)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
print(server.server_port, flush=True)
server.serve_forever()
