; The installer for Windows: for one user, without an administrator; /S installs in silence, /D=FOLDER elsewhere.
; makensis -DVERSION=0.1.0 -DSOURCE=dist/upschedule -DTARGET=dist/upschedule-setup.exe -DICON=build/icons/app.ico installer.nsi
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

!define NAME "UP Schedule Generator"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\UPScheduleGenerator"
!define APP "Software\Classes\Applications\upschedule.exe"

Name "${NAME}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} installer"
VIAddVersionKey "LegalCopyright" "MIT License"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\upschedule.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open ${NAME}"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "Your timetable stays on this computer, in $LOCALAPPDATA\${NAME}. To remove it as well, choose Settings, Delete everything before you uninstall."
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Afrikaans"

; A program that runs holds its files; renaming the folder of its libraries shows that before anything is changed.
!macro WAIT_UNTIL_CLOSED UN
Function ${UN}WaitUntilClosed
  StrCpy $0 0
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\upschedule.exe"
      Return
    ${EndIf}
    ClearErrors
    Rename "$INSTDIR\upschedule.exe" "$INSTDIR\upschedule.exe.closed"
    ${IfNot} ${Errors}
      Rename "$INSTDIR\upschedule.exe.closed" "$INSTDIR\upschedule.exe"
      ClearErrors
      FileOpen $1 "$INSTDIR\upschedule.exe" a
      ${IfNot} ${Errors}
        FileClose $1
        Return
      ${EndIf}
    ${EndIf}
    ${If} ${Silent}
      IntOp $0 $0 + 1
      ${If} $0 > 60
        SetErrorLevel 5
        Abort
      ${EndIf}
      Sleep 500
    ${Else}
      MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "${NAME} is open. Close it, then press Retry." IDRETRY again
      Abort
      again:
    ${EndIf}
  ${Loop}
FunctionEnd
!macroend
!insertmacro WAIT_UNTIL_CLOSED ""
!insertmacro WAIT_UNTIL_CLOSED "un."

Section "install"
  Call WaitUntilClosed
  ; The version that is there is kept whole until the new one has started once: an update that fails goes back to it.
  RMDir /r "$INSTDIR\previous"
  ${If} ${FileExists} "$INSTDIR\upschedule.exe"
    CreateDirectory "$INSTDIR\previous"
    Rename "$INSTDIR\_internal" "$INSTDIR\previous\_internal"
    Rename "$INSTDIR\upschedule.exe" "$INSTDIR\previous\upschedule.exe"
    Rename "$INSTDIR\upschedule.com" "$INSTDIR\previous\upschedule.com"
  ${EndIf}
  ClearErrors
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}\*"
  ${If} ${Errors}
    ${If} ${FileExists} "$INSTDIR\previous\upschedule.exe"
      RMDir /r "$INSTDIR\_internal"
      Delete "$INSTDIR\upschedule.exe"
      Delete "$INSTDIR\upschedule.com"
      Rename "$INSTDIR\previous\_internal" "$INSTDIR\_internal"
      Rename "$INSTDIR\previous\upschedule.exe" "$INSTDIR\upschedule.exe"
      Rename "$INSTDIR\previous\upschedule.com" "$INSTDIR\upschedule.com"
    ${EndIf}
    SetErrorLevel 2
    Abort "The files could not be written. Free some space, then run the installer again."
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\upschedule.exe"

  ; "Open with" for PDFs: offered, never taken over from the reader that is there.
  WriteRegStr HKCU "${APP}" "FriendlyAppName" "${NAME}"
  WriteRegStr HKCU "${APP}\SupportedTypes" ".pdf" ""
  WriteRegStr HKCU "${APP}\shell\open\command" "" '"$INSTDIR\upschedule.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\.pdf\OpenWithList\upschedule.exe" "" ""
  WriteRegStr HKCU "Software\Classes\upschedule" "" "URL:${NAME}"
  WriteRegStr HKCU "Software\Classes\upschedule" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\upschedule\DefaultIcon" "" "$INSTDIR\upschedule.exe,0"
  WriteRegStr HKCU "Software\Classes\upschedule\shell\open\command" "" '"$INSTDIR\upschedule.exe" "%1"'

  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\upschedule.exe"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" "$0"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  Call un.WaitUntilClosed
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\previous"
  Delete "$INSTDIR\upschedule.exe"
  Delete "$INSTDIR\upschedule.com"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${APP}"
  DeleteRegKey HKCU "Software\Classes\.pdf\OpenWithList\upschedule.exe"
  DeleteRegKey HKCU "Software\Classes\upschedule"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${NAME}"
  DeleteRegKey HKCU "${KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  ${If} ${FileExists} "$LOCALAPPDATA\${NAME}\timetable.sqlite3"
    MessageBox MB_OK|MB_ICONINFORMATION "Your timetable stays on this computer, in $LOCALAPPDATA\${NAME}." /SD IDOK
  ${EndIf}
SectionEnd
