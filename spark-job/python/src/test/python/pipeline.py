"""Fits, saves, loads and predicts with the package densespark: python pipeline.py JOB-JAR FOLDER [connect]."""

import os
import random
import sys
from pathlib import Path

# Before PySpark is imported: it connects to nothing but this machine.
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

import pyspark
from pyspark.errors import IllegalArgumentException
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import IndexToString, StringIndexer
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col

from densespark import DenseNetClassifier, DenseNetModel

SIDE = 8


def session(jar: str, connect: bool) -> SparkSession:
    builder = SparkSession.builder.config("spark.jars", jar).config("spark.ui.enabled", "false")
    if connect:
        # So little memory for models that each is written to disk, and read again when it is used.
        builder = builder.config("spark.connect.session.connectML.mlCache.memoryControl.maxInMemorySize", "2k")
        return builder.config("spark.connect.grpc.binding.address", "127.0.0.1").remote("local[2]").getOrCreate()
    if pyspark.__version__.startswith("3."):
        builder = builder.config("spark.sql.extensions", "io.densespark.spark.sql.SqlFunctions")
    return builder.master("local[2]").getOrCreate()


def squares(spark: SparkSession, count: int) -> DataFrame:
    """Noisy grey images, as plain pixels, with a bright left or right half."""
    rng = random.Random(7)
    rows = []
    for i in range(count):
        pixels = bytearray()
        for at in range(SIDE * SIDE):
            is_bright = at % SIDE // (SIDE // 2) == i % 2
            pixels.append((160 if is_bright else 30) + rng.randrange(60))
        rows.append((i, pixels, list(pixels), "right" if i % 2 else "left", i % 2))
    return spark.createDataFrame(rows, "id long, image binary, numbers array<int>, label string, index int")


def answers(predicted: DataFrame) -> list:
    return predicted.orderBy("id").select("prediction", "probability").collect()


def refuse_in_one_line(spark: SparkSession, classifier: DenseNetClassifier, images: DataFrame, folder: Path) -> None:
    """What a user can mend comes as an exception of Python's, in one line."""
    missing = str(folder / "missing")
    for call, words in [
        (lambda: classifier.copy({classifier.labelCol: "kind"}).fit(images), "kind"),
        (lambda: classifier.copy({classifier.validSize: 80}).fit(images), "validSize"),
        (lambda: classifier.fitPrepared(spark, missing), missing),
        (lambda: DenseNetModel.load(missing), missing),
        (lambda: spark.sql(f"SELECT densenet_predict('{missing}', image) FROM images"), missing),
    ]:
        try:
            call()
        except IllegalArgumentException as error:
            assert words in str(error) and "\n" not in str(error), str(error)
        else:
            raise AssertionError(words + " is wrong, and nothing was said")


def main(jar: str, folder: Path, connect: bool) -> None:
    spark = session(jar, connect)
    images = squares(spark, 80)
    classifier = DenseNetClassifier(
        imageShape=[SIDE, SIDE, 1], depth=10, growthRate=4, epochs=3, batchSize=16, cropPadding=0, flip=False, seed=3
    )
    assert classifier.setNumWorkers(2).getNumWorkers() == 2
    assert classifier.getLearningRate() == 0.1

    model = classifier.fit(images)
    predicted = model.transform(images)
    expected = answers(predicted)
    assert predicted.where(col("prediction") == col("index")).count() == 80
    names = IndexToString(inputCol="prediction", outputCol="name").transform(predicted)
    assert names.where(col("name") == col("label")).count() == 80
    if connect:
        assert spark.client._get_ml_cache_info() == []
    else:
        assert model.classes == ["left", "right"]

    saved = folder / "model"
    model.save(str(saved))
    loaded = DenseNetModel.load(str(saved))
    assert loaded.uid == model.uid
    assert loaded.getImageShape() == [SIDE, SIDE, 1]
    assert answers(loaded.transform(images)) == expected
    if not connect:
        images.createOrReplaceTempView("images")
        refuse_in_one_line(spark, classifier, images, folder)
        assert (
            answers(DenseNetModel.ofModelFolder(str(saved)).setImageShape([SIDE, SIDE, 1]).transform(images))
            == expected
        )

    classifier.write().overwrite().save(str(folder / "estimator"))
    again = DenseNetClassifier.load(str(folder / "estimator"))
    assert {param.name: value for param, value in again.extractParamMap().items()} == {
        param.name: value for param, value in classifier.extractParamMap().items()
    }

    indexer = StringIndexer(inputCol="label", outputCol="number")
    pipeline = Pipeline(stages=[indexer, again.setLabelCol("number").setEpochs(1)]).fit(images)
    pipeline.save(str(folder / "pipeline"))
    read = PipelineModel.load(str(folder / "pipeline"))
    assert isinstance(read.stages[1], DenseNetModel)
    assert answers(read.transform(images)) == answers(pipeline.transform(images))

    images.createOrReplaceTempView("images")
    rows = spark.sql(f"SELECT label, densenet_predict('{saved}', numbers) AS p FROM images").collect()
    assert all(row.p.prediction == row.label for row in rows)
    print(f"Spark {spark.version}: {len(rows)} images as expected")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "connect" in sys.argv[3:])
