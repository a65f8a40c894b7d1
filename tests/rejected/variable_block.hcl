vcn "lab" {}

variable "node_image_id" {
  type = string
}

locals {
  a = 1
}
