"""The class of each poster of a catalogue, with Ray Data: `python ray_catalogue.py SOURCE TARGET [NETWORK]`.

SOURCE holds Parquet files with a unique `id` and an `image`, the bytes of an encoded file or its path. If the job dies,
start it again: what is in TARGET is not done again. Ray needs three processors. TYPES can also have `note` and `score`."""
import sys
import marquee_posters
import pyarrow as pa
import ray
from ray.data.checkpoint import CheckpointConfig
TYPES = {"label": pa.string(), "confidence": pa.float32(), "sure": pa.bool_(), "probabilities": pa.list_(pa.float32())}

class Predict:
    def __init__(self, network):
        self.network = marquee_posters.load(network, threads=1)
    def __call__(self, batch):
        answers = self.network.predict(batch["image"])
        told = {name: [None if error else it for it, error in zip(answers[name], answers["error"])] for name in TYPES}
        columns = {name: pa.array(told[name], kind) for name, kind in TYPES.items()}
        return pa.table({"id": batch["id"]} | columns | {"error": pa.array(answers["error"], pa.string())})

def run(source, target, network="posternet"):
    done = CheckpointConfig("id", f"{target}.checkpoint", delete_checkpoint_on_success=False)
    ray.data.DataContext.get_current().checkpoint_config = done
    workers = ray.data.ActorPoolStrategy(min_size=1, max_size=int(ray.cluster_resources()["CPU"]))
    options = {"fn_constructor_args": [network], "batch_size": 64, "batch_format": "pyarrow", "compute": workers}
    ray.data.read_parquet(source, columns=["id", "image"]).map_batches(Predict, **options).write_parquet(target)
if __name__ == "__main__":
    ray.init()
    run(*sys.argv[1:])
