vcn "lab-${var.stage}" {}
