vcn "köln" {}
