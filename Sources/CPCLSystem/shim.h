/* Carries the compiler flags of pcl_common from pkg-config to CPCL. */
