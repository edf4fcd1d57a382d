"""The params of the stages. A test compares names, types, texts and defaults with the Java classes'."""

from typing import Any, Dict, Type

from pyspark.ml.param import Param, Params, TypeConverters

toInt, toFloat, toBoolean, toString = (
    TypeConverters.toInt,
    TypeConverters.toFloat,
    TypeConverters.toBoolean,
    TypeConverters.toString,
)
toListInt, toListFloat = TypeConverters.toListInt, TypeConverters.toListFloat

# By the params' names. A client of Spark Connect can't ask the Java classes for them.
_DEFAULTS: Dict[str, Any] = {}


def _param(name: str, converter: Any, doc: str, *default: Any) -> Param:
    for value in default:
        _DEFAULTS[name] = value
    return Param(Params._dummy(), name, doc, converter)


def defaults(stage: Params) -> Dict[str, Any]:
    """The defaults of those of a stage's params that have one."""
    return {param.name: _DEFAULTS[param.name] for param in stage.params if param.name in _DEFAULTS}


def _accessors(owner: Type[Params]) -> Type[Params]:
    """Gives a class setX and getX for each param x of its own."""

    def add(name: str, doc: str) -> None:
        def setter(self: Params, value: Any) -> Params:
            return self._set(**{name: value})

        def getter(self: Params) -> Any:
            return self.getOrDefault(name)

        for prefix, accessor in (("set", setter), ("get", getter)):
            accessor.__name__ = prefix + name[0].upper() + name[1:]
            accessor.__doc__ = doc
            setattr(owner, accessor.__name__, accessor)

    for name, param in list(vars(owner).items()):
        if isinstance(param, Param):
            add(name, param.doc)
    return owner


@_accessors
class PredictionParams(Params):
    """What estimator and model share: the column of images, and the columns that a prediction appends."""

    featuresCol = _param("featuresCol", toString, "column of the features before the classifier; empty for none", "")
    imageCol = _param("imageCol", toString, "column of the images", "image")
    imageShape = _param("imageShape", toListInt, "height, width and channels of images given as numbers")
    inferBatchSize = _param("inferBatchSize", toInt, "images that go through the network at a time in a prediction", 32)
    onBadImage = _param(
        "onBadImage",
        toString,
        "what becomes of a row without a usable image: fail, null or drop",
        "fail",
    )
    predictionCol = _param("predictionCol", toString, "column of the predicted class's index", "prediction")
    probabilityCol = _param(
        "probabilityCol",
        toString,
        "column of the classes' probabilities; empty for none",
        "probability",
    )
    rawPredictionCol = _param("rawPredictionCol", toString, "column of the logits; empty for none", "rawPrediction")
    thresholds = _param(
        "thresholds",
        toListFloat,
        "one for each class: that of the largest probability/threshold is predicted",
    )


@_accessors
class TrainingParams(Params):
    """The settings of a training run: ranges and defaults are those of "densespark train"."""

    affineScale = _param("affineScale", toFloat, "scale training images by 1 - SHARE to 1 + SHARE", 0.0)
    allowPlainGradients = _param(
        "allowPlainGradients",
        toBoolean,
        "train where Spark's own connections are authenticated or encrypted, though the replicas' are neither",
        False,
    )
    allowSlowPrecision = _param(
        "allowSlowPrecision",
        toBoolean,
        "train in bf16, for its memory, on processors that have no instructions for it and are slower so",
        False,
    )
    batchSize = _param("batchSize", toInt, "images in a step, all replicas together", 64)
    blockConfig = _param("blockConfig", toListInt, "layers of each dense block, such as 6,12,24,16, instead of depth")
    bottleneck = _param("bottleneck", toBoolean, "a 1x1 convolution before each 3x3 one", True)
    brightness = _param(
        "brightness",
        toFloat,
        "change the brightness of training images by a factor of 1 - STRENGTH to 1 + STRENGTH",
        0.0,
    )
    channels = _param("channels", toInt, "1 for grey, 3 for colors: what encoded images are decoded to")
    checkpointLocation = _param(
        "checkpointLocation",
        toString,
        "folder in which a fit that was cut off goes on, on a shared file system",
    )
    checkpointMinutes = _param(
        "checkpointMinutes",
        toInt,
        "a checkpoint within an epoch when the last is so old; 0 for none by time",
        10,
    )
    checkpointSteps = _param(
        "checkpointSteps",
        toInt,
        "a checkpoint after each N steps of an epoch, besides that at its end; 0 for none by steps",
        0,
    )
    collectiveTimeout = _param("collectiveTimeout", toInt, "how long to wait for a slow replica in each sum", 1800)
    compression = _param(
        "compression",
        toFloat,
        "of the channels that a transition keeps; 0.5 with bottlenecks and 1 without if not given",
    )
    contrast = _param("contrast", toFloat, "the same for their contrast", 0.0)
    cropPadding = _param("cropPadding", toInt, "black pixels around an image before a random crop; 0 for no crop", 4)
    cropScale = _param("cropScale", toFloat, "least share of the image's area that random-resized-crop takes", 0.08)
    depth = _param(
        "depth",
        toInt,
        "depth of a network of three equal blocks: 6n + 4, or 3n + 4 without bottlenecks",
        100,
    )
    dropout = _param("dropout", toFloat, "of each layer's new features that training sets to zero", 0.0)
    epochs = _param("epochs", toInt, "passes over the training images", 300)
    flip = _param("flip", toBoolean, "flip half of the training images horizontally", True)
    groupCol = _param("groupCol", toString, "column of which no value's rows are parted by validSize")
    growthRate = _param("growthRate", toInt, "channels that each layer adds", 12)
    imageSize = _param(
        "imageSize",
        toInt,
        "scale images so that their shorter side has so many pixels, and cut out the middle; without it all "
        "images must have one size",
    )
    init = _param(
        "init",
        toString,
        "weights to begin with: a safetensors file by PyTorch's names, or a model folder; its classifier may differ",
    )
    keepCheckpoints = _param(
        "keepCheckpoints", toInt, "newest checkpoints that stay, beside that of the best epoch", 2
    )
    labelCol = _param("labelCol", toString, "column of the labels: indices of classes, or their names", "label")
    learningRate = _param("learningRate", toFloat, "divided by 10 at half and at three quarters of the epochs", 0.1)
    maxFailures = _param("maxFailures", toInt, "lost executors to survive in a row without a new checkpoint", 3)
    minWorkers = _param(
        "minWorkers",
        toInt,
        "replicas with which the run goes on while the cluster hasn't as many as replicas asks for; all of them if "
        "not given",
    )
    momentum = _param("momentum", toFloat, "Nesterov momentum", 0.9)
    numWorkers = _param(
        "numWorkers",
        toInt,
        "tasks that each run one replica; as many as the cluster has slots if not given",
    )
    peerTimeout = _param("peerTimeout", toInt, "how long a replica may be silent before it counts as lost", 60)
    portRange = _param(
        "portRange",
        toString,
        "ports on which replicas listen for each other, for a firewall; any free ones if not given",
    )
    precision = _param(
        "precision",
        toString,
        "tf32 rounds the factors of products to 10 bits, on GPUs' tensor cores, and is fp32 on CPUs; bf16 has maps "
        "and activations in 16 bits, too, and takes less memory",
        "tf32",
    )
    preset = _param(
        "preset",
        toString,
        "a network of the paper, such as densenet-121, instead of the next six settings",
    )
    randomResizedCrop = _param(
        "randomResizedCrop",
        toBoolean,
        "scale a random part of each training image to the images' size, in place of crop-padding",
        False,
    )
    recompute = _param(
        "recompute",
        toString,
        "what is computed again instead of kept, the less the faster; auto takes the fastest whose memory plan fits",
        "activations",
    )
    replicaWait = _param(
        "replicaWait",
        toInt,
        "how long to wait for replacements of lost executors, before a run goes on with fewer replicas, or ends",
        120,
    )
    rotation = _param("rotation", toFloat, "turn training images by up to so much, either way", 0.0)
    saturation = _param("saturation", toFloat, "the same for their saturation", 0.0)
    seed = _param(
        "seed",
        toInt,
        "of weights, order, augmentation and validation split; random if not given, and recorded",
    )
    shear = _param("shear", toFloat, "shear training images by up to so much, either way", 0.0)
    stem = _param("stem", toString, "small (3x3) or imagenet (7x7 with stride 2, max-pooling)", "small")
    translate = _param("translate", toFloat, "move training images by up to this share of their height and width", 0.0)
    validSize = _param(
        "validSize",
        toInt,
        "training images kept aside to choose the best epoch, where the data set has no validation split; a tenth, "
        "at most 5,000, if not given",
    )
    validationIndicatorCol = _param(
        "validationIndicatorCol",
        toString,
        "boolean column that is true for rows which aren't learnt from",
    )
    weightCol = _param("weightCol", toString, "column of numbers: how much each row's loss counts")
    weightDecay = _param("weightDecay", toFloat, "on every parameter", 1.0e-4)
