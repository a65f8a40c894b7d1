data "oci_identity_availability_domains" "ads" {
  compartment_id = var.compartment_ocid
}

resource "oci_core_network_security_group" "a" {
  compartment_id = var.compartment_ocid
  vcn_id         = oci_core_vcn.lab.id
}

resource "oci_core_network_security_group" "b" {
  compartment_id = var.compartment_ocid
  vcn_id         = oci_core_vcn.lab.id
}

data "oci_core_images" "ol" {
  compartment_id           = var.compartment_ocid
  operating_system         = "Oracle Linux"
  operating_system_version = "9"
  shape                    = "VM.Standard.E5.Flex"
  sort_by                  = "TIMECREATED"
  sort_order               = "DESC"
}
resource "oci_core_instance_configuration" "web" {
  compartment_id = var.compartment_ocid
  display_name   = "web"
  instance_details {
    instance_type = "compute"
    launch_details {
      compartment_id                      = var.compartment_ocid
      shape                               = "VM.Standard.E5.Flex"
      is_pv_encryption_in_transit_enabled = true
      freeform_tags                       = { role = "web" }
      shape_config {
        ocpus         = 1
        memory_in_gbs = 8
      }
      create_vnic_details {
        assign_public_ip = false
        nsg_ids          = [oci_core_network_security_group.a.id]
      }
      source_details {
        source_type             = "image"
        image_id                = data.oci_core_images.ol.images[0].id
        boot_volume_size_in_gbs = "60"
        boot_volume_vpus_per_gb = "10"
      }
      instance_options {
        are_legacy_imds_endpoints_disabled = true
      }
      agent_config {
        is_management_disabled = false
        is_monitoring_disabled = false
        plugins_config {
          name          = "Compute Instance Monitoring"
          desired_state = "ENABLED"
        }
      }
      metadata = {
        ssh_authorized_keys = "ssh-ed25519 AAAA x"
        user_data           = base64encode("#!/bin/sh\n")
      }
    }
  }
  lifecycle {
    create_before_destroy = true
  }
}
resource "oci_core_instance_pool" "web" {
  compartment_id            = var.compartment_ocid
  display_name              = "web"
  instance_configuration_id = oci_core_instance_configuration.web.id
  size                      = 3
  load_balancers {
    load_balancer_id = oci_load_balancer_load_balancer.web.id
    backend_set_name = oci_load_balancer_backend_set.web.name
    port             = 8080
    vnic_selection   = "PrimaryVnic"
  }
  placement_configurations {
    availability_domain = data.oci_identity_availability_domains.ads.availability_domains[0].name
    primary_subnet_id   = oci_core_subnet.lab_private.id
    fault_domains       = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2"]
  }
  placement_configurations {
    availability_domain = data.oci_identity_availability_domains.ads.availability_domains[1].name
    primary_vnic_subnets {
      subnet_id = oci_core_subnet.lab_private.id
    }
  }
  lifecycle {
    ignore_changes = [size]
  }
}
resource "oci_autoscaling_auto_scaling_configuration" "web" {
  compartment_id       = var.compartment_ocid
  display_name         = "web"
  cool_down_in_seconds = 300
  is_enabled           = true
  auto_scaling_resources {
    id   = oci_core_instance_pool.web.id
    type = "instancePool"
  }
  policies {
    display_name = "web"
    policy_type  = "threshold"
    capacity {
      initial = 3
      min     = 2
      max     = 6
    }
    rules {
      display_name = "out"
      action {
        type  = "CHANGE_COUNT_BY"
        value = 1
      }
      metric {
        metric_type = "CPU_UTILIZATION"
        threshold {
          operator = "GT"
          value    = 70
        }
      }
    }
    rules {
      display_name = "in"
      action {
        type  = "CHANGE_COUNT_BY"
        value = -1
      }
      metric {
        metric_type = "CPU_UTILIZATION"
        threshold {
          operator = "LT"
          value    = 30
        }
      }
    }
  }
}
resource "oci_load_balancer_load_balancer" "web" {
  compartment_id             = var.compartment_ocid
  display_name               = "web"
  shape                      = "flexible"
  subnet_ids                 = [oci_core_subnet.lab_public.id]
  network_security_group_ids = [oci_core_network_security_group.b.id]
  shape_details {
    minimum_bandwidth_in_mbps = 10
    maximum_bandwidth_in_mbps = 100
  }
}
resource "oci_load_balancer_backend_set" "web" {
  load_balancer_id = oci_load_balancer_load_balancer.web.id
  name             = "web"
  policy           = "ROUND_ROBIN"
  health_checker {
    protocol = "HTTP"
    port     = 8080
    url_path = "/health"
  }
}
resource "oci_load_balancer_rule_set" "redirect" {
  load_balancer_id = oci_load_balancer_load_balancer.web.id
  name             = "https"
  items {
    action        = "REDIRECT"
    response_code = 301
    conditions {
      attribute_name  = "PATH"
      attribute_value = "/"
      operator        = "FORCE_LONGEST_PREFIX_MATCH"
    }
    redirect_uri {
      protocol = "HTTPS"
      host     = "{host}"
      path     = "/{path}"
      query    = "?{query}"
      port     = 443
    }
  }
}
resource "oci_load_balancer_listener" "https" {
  load_balancer_id         = oci_load_balancer_load_balancer.web.id
  name                     = "https"
  default_backend_set_name = oci_load_balancer_backend_set.web.name
  port                     = 443
  protocol                 = "HTTP"
}
resource "oci_load_balancer_listener" "http" {
  load_balancer_id         = oci_load_balancer_load_balancer.web.id
  name                     = "http"
  default_backend_set_name = oci_load_balancer_backend_set.web.name
  port                     = 80
  protocol                 = "HTTP"
  rule_set_names           = [oci_load_balancer_rule_set.redirect.name]
  connection_configuration {
    idle_timeout_in_seconds = "120"
  }
}
resource "oci_network_load_balancer_network_load_balancer" "n" {
  compartment_id                 = var.compartment_ocid
  display_name                   = "n"
  subnet_id                      = oci_core_subnet.lab_private.id
  is_private                     = true
  is_preserve_source_destination = false
  network_security_group_ids     = [oci_core_network_security_group.b.id]
}
resource "oci_network_load_balancer_backend_set" "n" {
  network_load_balancer_id = oci_network_load_balancer_network_load_balancer.n.id
  name                     = "n"
  policy                   = "FIVE_TUPLE"
  is_preserve_source       = true
  health_checker {
    protocol = "TCP"
    port     = 8080
  }
}
resource "oci_network_load_balancer_listener" "n" {
  network_load_balancer_id = oci_network_load_balancer_network_load_balancer.n.id
  name                     = "n"
  default_backend_set_name = oci_network_load_balancer_backend_set.n.name
  port                     = 5000
  protocol                 = "TCP"
}
