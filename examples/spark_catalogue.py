"""The genres of a catalogue of posters, with Spark: `spark-submit spark_catalogue.py SOURCE TARGET [NETWORK]`.

SOURCE holds Parquet files with a unique `id` and an `image`, the bytes of an encoded file or its path. If the job dies,
start it again: rows that are in TARGET are not done again.
"""
import sys
import marquee_posters
import pandas
from pyspark.sql import SparkSession

SCHEMA = "id string, label string, confidence float, sure boolean, probabilities array<float>, error string"

def run(spark, source, target, network="posternet"):
    def predict(batches):
        model = marquee_posters.load(network, threads=1)
        for batch in batches:
            columns = {"id": batch["id"]} | model.predict(batch["image"])
            yield pandas.DataFrame({name.split()[0]: list(columns[name.split()[0]]) for name in SCHEMA.split(", ")})

    spark.createDataFrame([], SCHEMA).write.mode("append").parquet(target)
    posters = spark.read.parquet(source).select("id", "image").join(spark.read.parquet(target), "id", "left_anti")
    # each task's rows are there as soon as it ends, not when the job does
    writer = posters.mapInPandas(predict, SCHEMA).write.option("mapreduce.fileoutputcommitter.algorithm.version", 2)
    writer.mode("append").parquet(target)

if __name__ == "__main__":
    run(SparkSession.builder.getOrCreate(), *sys.argv[1:])
