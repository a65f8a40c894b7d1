vcn {}
