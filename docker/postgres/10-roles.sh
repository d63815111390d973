#!/bin/sh
# Runs once, when the database is made: roles as in docs/running.md, database and extension.
set -eu

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v owner_password="$METACLAW_OWNER_PASSWORD" -v app_password="$METACLAW_APP_PASSWORD" <<'SQL'
CREATE ROLE mc_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE mc_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE mc_ops NOLOGIN NOSUPERUSER BYPASSRLS;
GRANT mc_ops TO mc_app WITH INHERIT FALSE, SET TRUE;
GRANT mc_ops TO mc_owner;
CREATE DATABASE metaclaw OWNER mc_owner;
REVOKE CONNECT ON DATABASE metaclaw FROM PUBLIC;
GRANT CONNECT ON DATABASE metaclaw TO mc_app, mc_ops;
\connect metaclaw
CREATE EXTENSION vector;
SQL
