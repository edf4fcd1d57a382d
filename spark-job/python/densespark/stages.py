"""The estimator and the model: Python's side of the Java classes of the same names."""

import sys
from typing import Any, List

from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from densespark.params import PredictionParams, TrainingParams, defaults

# Spark finds the Python class of a Java class, and the Java class of a Python class, by the package that both are in:
# for readers, for stages of a pipeline, and on Spark Connect. A package can't be called io in Python, where a module
# of the standard library has that name; but this module can be known by the Java package's name as well as by its own.
_JAVA_PACKAGE = "io.densespark.spark.ml"
sys.modules[_JAVA_PACKAGE] = sys.modules[__name__]


class DenseNetModel(JavaModel, PredictionParams, JavaMLWritable, JavaMLReadable["DenseNetModel"]):
    """A trained DenseNet: transform appends each image's class, probabilities and logits."""

    __module__ = _JAVA_PACKAGE

    def __init__(self, java_model: Any = None) -> None:
        super().__init__(java_model)
        self._setDefault(**defaults(self))

    @staticmethod
    def ofModelFolder(path: str) -> "DenseNetModel":
        """The model of a folder that "densespark train" has written; not on Spark Connect."""
        if is_remote():
            raise NotImplementedError("Spark Connect loads saved stages only; SQL's densenet_predict takes any folder")
        java_model = JavaModel._new_java_obj(_JAVA_PACKAGE + ".DenseNetModel.ofModelFolder", path)
        return DenseNetModel._from_java(java_model)

    @property
    def classes(self) -> List[str]:
        """Names of the classes, in the order of the probabilities; not on Spark Connect."""
        if is_remote():
            raise NotImplementedError("Spark Connect tells no more of a model than its predictions")
        return list(self._call_java("classes"))


class DenseNetClassifier(
    JavaEstimator[DenseNetModel], TrainingParams, PredictionParams, JavaMLWritable, JavaMLReadable["DenseNetClassifier"]
):
    """Trains a DenseNet on the images of a DataFrame; params may be given by name: DenseNetClassifier(epochs=30)."""

    __module__ = _JAVA_PACKAGE

    def __init__(self, **params: Any) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(_JAVA_PACKAGE + ".DenseNetClassifier", self.uid)
        self._setDefault(**defaults(self))
        self.setParams(**params)

    def setParams(self, **params: Any) -> "DenseNetClassifier":
        """Sets params by their names."""
        for name in params:
            self.getParam(name)
        return self._set(**params)

    def fitPrepared(self, spark: SparkSession, location: str) -> DenseNetModel:
        """Trains on a data set that "densespark prepare" has written; not on Spark Connect."""
        if is_remote():
            raise NotImplementedError("Spark Connect fits DataFrames only")
        self._transfer_params_to_java()
        model = DenseNetModel(self._java_obj.fitPrepared(spark._jsparkSession, location))
        return self._copyValues(model._resetUid(self.uid))

    def _create_model(self, java_model: Any) -> DenseNetModel:
        return DenseNetModel(java_model)
