"""The class of each poster of a catalogue, with Spark: `spark-submit spark_catalogue.py SOURCE TARGET [NETWORK]`.

SOURCE holds Parquet files with a unique `id`, which is written as text, and an `image`, the bytes of an encoded file or
its path. If the job dies, start it again: rows that are in TARGET are not done again."""
import sys
import marquee_posters
import pandas
from pyspark.sql import SparkSession
# of the columns of `predict`, which also has `note`, and with posternet `genres` and `score`
TOLD = {"label": "string", "confidence": "float", "sure": "boolean", "probabilities": "array<float>"}
SCHEMA = ", ".join(f"{name} {kind}" for name, kind in {"id": "string", **TOLD, "error": "string"}.items())

def run(spark, source, target, network="posternet"):
    def predict(batches):
        model = marquee_posters.load(network, threads=1)
        for batch in batches:
            answers = model.predict(batch["image"])
            rows = [error is None for error in answers["error"]]
            told = {name: [it if row else None for it, row in zip(answers[name], rows)] for name in TOLD}
            yield pandas.DataFrame({"id": list(batch["id"]), **told, "error": answers["error"]})
    spark.createDataFrame([], SCHEMA).write.mode("append").parquet(target)
    posters = spark.read.parquet(source).selectExpr("cast(id as string) as id", "image")
    posters = posters.join(spark.read.parquet(target), "id", "left_anti")
    # each task's rows are there as soon as it ends, not when the job does
    writer = posters.mapInPandas(predict, SCHEMA).write.option("mapreduce.fileoutputcommitter.algorithm.version", 2)
    writer.mode("append").parquet(target)
if __name__ == "__main__":
    run(SparkSession.builder.getOrCreate(), *sys.argv[1:])
