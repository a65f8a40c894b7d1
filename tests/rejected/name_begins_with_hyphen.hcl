vcn "-lab" {}
