"""PyTorch's side of training.rs: posters a second through training steps, for each network whose name is read.

A step is a forward pass, a backward pass and AdamW. trainer/gpu.sh asks it for the rates on a GPU.
"""

import sys
import time

import torch
from marquee_networks import NETWORKS

threads, batch, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
device = sys.argv[4] if len(sys.argv) > 4 else "cpu"
torch.set_num_threads(threads)
print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    name, height, width = line.split()
    network = NETWORKS[name]().train().to(device)
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)
    inputs = (torch.arange(batch * 3 * int(height) * int(width)) % 97 / 48 - 1).reshape(batch, 3, int(height), int(width))
    inputs = inputs.to(device)

    def step():
        outputs = network(inputs)
        outputs = torch.cat(list(outputs.values()), 1) if isinstance(outputs, dict) else outputs
        optimizer.zero_grad()
        outputs.square().mean().backward()
        optimizer.step()

    def wait():
        if device != "cpu":
            torch.cuda.synchronize()

    step()
    wait()
    steps, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        step()
        wait()
        steps += 1
    print(steps * batch / (time.perf_counter() - begin), flush=True)
