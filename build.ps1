# Restore, build, test, and a folder that runs: artifacts/onnxviz. Arguments go to every step, such as /p:OrtGpu=true.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

$steps = @(
    @('restore'),
    @('build', '-c', 'Release', '--no-restore'),
    @('test', '-c', 'Release', '--no-build'),
    @('publish', 'src/OnnxViz.Cli', '-c', 'Release', '--no-build', '-o', 'artifacts/onnxviz')
)
foreach ($step in $steps) {
    & dotnet $step $args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
Write-Output 'dotnet artifacts/onnxviz/onnxviz.dll demo'
