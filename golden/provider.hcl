# The provider block is the user's, too.
provider {
  auth                   = "SecurityToken"
  config_file_profile    = var.profile
  region                 = "eu-frankfurt-1"
  retry_duration_seconds = 900
  disable_auto_retries   = false
  ignore_defined_tags    = ["Operations.CostCenter"]
}

vcn "lab" {}
