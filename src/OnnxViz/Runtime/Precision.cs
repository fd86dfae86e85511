namespace OnnxViz.Runtime;

/// <summary>How many bits convolutions and matrix products keep of a number. Sums are float32 throughout.</summary>
public enum Precision
{
    /// <summary>24 bits of mantissa: what gradients are compared in.</summary>
    Float32,

    /// <summary>11 bits, on NVIDIA GPUs since Ampere, several times faster there; elsewhere the same as float32.</summary>
    Tf32,
}
