-- The access that ends with a session is found by it.

CREATE INDEX oauth_grants_session ON oauth_grants (session_id);
