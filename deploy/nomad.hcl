data_dir  = "/opt/nomad/data"
bind_addr = "127.0.0.1"

# The address at which others reach this machine; needed because loopback is not one.
advertise {
  http = "{{ GetPrivateIP }}"
  rpc  = "{{ GetPrivateIP }}"
  serf = "{{ GetPrivateIP }}"
}

server {
  enabled          = true
  bootstrap_expect = 1
}

client {
  enabled = true
}

jobs {
  dir = "/opt/nomad/jobs"
}
