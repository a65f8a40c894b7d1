vcn "" {}
