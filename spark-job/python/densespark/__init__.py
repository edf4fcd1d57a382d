"""DenseNets on Apache Spark: stages of Spark ML pipelines.

They run on a classic session and on Spark Connect. Spark needs the job jar, densespark.jar, when it starts: set
spark.jars to it. Import this package before you load a pipeline that has one of the stages.
"""

from densespark.stages import DenseNetClassifier, DenseNetModel

__all__ = ["DenseNetClassifier", "DenseNetModel"]
