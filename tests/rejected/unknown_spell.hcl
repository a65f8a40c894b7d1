vpc "lab" {}

database "orders" {}
