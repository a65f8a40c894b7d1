module provider-check

go 1.26
