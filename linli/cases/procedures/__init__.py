"""How a procedure is written, checked, compiled and drawn. Running one is `linli.cases.decide`.

`schema` the YAML, `compiler` base and pack to one plain dict, `procedure` the dict as the engine reads it, `checks`
what makes one wrong, `chart` its drawings.
"""
