"""A small application in Python that lets people in with Authlib's Flask integration, the way its documentation shows.

fixtures/authlib.ts starts it and says everything in the environment. What the library makes of the provider's answers is
printed as JSON, where the browser test reads it.
"""

import json
import os

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session
from markupsafe import escape
from werkzeug.serving import WSGIRequestHandler, make_server

ORIGIN = os.environ["ORIGIN"]

# By subject: tokens are too large for a cookie, and none of the browser's business.
tokens = {}


def remember(token, refresh_token=None, access_token=None):
    """The library has refreshed a token by itself."""
    tokens[session["sub"]].update(token)


app = Flask(__name__)
app.secret_key = os.urandom(32)
oauth = OAuth(app)
ostiary = oauth.register(
    "ostiary",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{os.environ['ISSUER']}/.well-known/openid-configuration",
    client_kwargs={
        "scope": "openid profile email offline_access",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": os.environ["AUTH_METHOD"],
    },
    update_token=remember,
)


def page(name, content):
    """A page that shows `content` in an element with the id `name`."""
    return (
        # The empty icon keeps the browser from asking for one later, when the test may be over and this server gone.
        '<!doctype html><html lang="en"><title>Quayside</title><link rel="icon" href="data:,"><h1>Quayside</h1>'
        f'<pre id="{name}">{escape(json.dumps(content, indent=2))}</pre>'
        '<p><a href="/login">Sign in with Ostiary</a> <a href="/refresh">Refresh</a> <a href="/logout">Sign out</a></p>'
    )


@app.get("/")
def home():
    return page("home", "welcome")


@app.get("/login")
def login():
    """Further parameters of the request, such as `prompt`, travel along."""
    return ostiary.authorize_redirect(f"{ORIGIN}/callback", **request.args.to_dict())


@app.get("/callback")
def callback():
    """Checks `state` and, by the keys that the provider publishes, signature, issuer, audience, nonce and times."""
    try:
        token = ostiary.authorize_access_token()
    except OAuthError as refused:
        return page("error", {"error": refused.error, "description": refused.description})
    claims = token["userinfo"]
    session["sub"] = claims["sub"]
    tokens[claims["sub"]] = token
    return page("claims", {"claims": claims, "userinfo": ostiary.userinfo(token=token)})


@app.get("/refresh")
def refresh():
    """Calls the provider with a token that is over: the library gets a new one first."""
    old = dict(tokens[session["sub"]])
    info = ostiary.userinfo(token={**old, "expires_at": 1})
    new = tokens[session["sub"]]
    changed = [name for name in ("access_token", "refresh_token") if new[name] != old[name]]
    return page("refreshed", {"changed": changed, "userinfo": info})


@app.get("/logout")
def logout():
    """Signs out here and at the provider (OpenID Connect RP-Initiated Logout)."""
    token = tokens.pop(session.pop("sub"))
    return ostiary.logout_redirect(f"{ORIGIN}/signed-out", id_token_hint=token["id_token"])


@app.get("/signed-out")
def signed_out():
    """Back from the provider; the library knows the state it sent."""
    return page("signed-out", ostiary.validate_logout_response())


class Quiet(WSGIRequestHandler):
    """Only errors are worth a line."""

    def log_request(self, code="-", size="-"):
        pass


if __name__ == "__main__":
    make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True, request_handler=Quiet).serve_forever()
