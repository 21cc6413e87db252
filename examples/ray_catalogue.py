"""The genres of a catalogue of posters, with Ray Data: `python ray_catalogue.py SOURCE TARGET [NETWORK]`.

SOURCE holds Parquet files with a unique `id` and an `image`, the bytes of an encoded file or its path. If the job dies,
start it again: rows that are in TARGET are not done again. Ray needs more than two processors."""
import sys
import marquee_posters
import pyarrow as pa
import ray
from ray.data.checkpoint import CheckpointConfig

TYPES = {"id": pa.string(), "label": pa.string(), "confidence": pa.float32(), "sure": pa.bool_(),
         "probabilities": pa.list_(pa.float32()), "error": pa.string()}

class Predict:
    def __init__(self, network):
        self.network = marquee_posters.load(network, threads=1)

    def __call__(self, batch):
        columns = {"id": batch["id"]} | self.network.predict(batch["image"])
        return pa.table({name: pa.array(list(columns[name]), kind) for name, kind in TYPES.items()})

def run(source, target, network="posternet"):
    done = CheckpointConfig("id", f"{target}.checkpoint", delete_checkpoint_on_success=False)
    ray.data.DataContext.get_current().checkpoint_config = done
    workers = ray.data.ActorPoolStrategy(min_size=1, max_size=int(ray.cluster_resources()["CPU"]))
    posters = ray.data.read_parquet(source, columns=["id", "image"])
    posters.map_batches(Predict, fn_constructor_args=[network], batch_size=64, compute=workers).write_parquet(target)
if __name__ == "__main__":
    run(*sys.argv[1:])
