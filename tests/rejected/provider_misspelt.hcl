provider {
  auth                   = "InstancePrinciple"
  config_profile         = "work"
  private_key            = "-----BEGIN"
  retry_duration_seconds = "900"
  disable_auto_retries   = "no"
  ignore_defined_tags    = ["CostCenter", var.tag, "Operations.CostCenter.x"]
}

vcn "lab" {}
