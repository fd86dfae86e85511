# Restore, build, test, and a folder that runs: artifacts/onnxviz. Arguments go to every step, such as -p:OrtGpu=true.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Step {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

Step restore @args
Step build -c Release --no-restore @args
Step test -c Release --no-build @args
Step publish src/OnnxViz.Cli -c Release --no-build -o artifacts/onnxviz @args
Write-Output 'dotnet artifacts/onnxviz/onnxviz.dll demo'
