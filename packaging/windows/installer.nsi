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

!define PARTS "_internal-${VERSION}"

; A program that runs holds its file: nobody else can open it for writing.
!macro WAIT_UNTIL_CLOSED UN
Function ${UN}WaitUntilClosed
  StrCpy $0 0
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\upschedule.exe"
      Return
    ${EndIf}
    ClearErrors
    FileOpen $1 "$INSTDIR\upschedule.exe" a
    ${IfNot} ${Errors}
      FileClose $1
      Return
    ${EndIf}
    ${If} ${Silent}
      IntOp $0 $0 + 1
      ${If} $0 > 60
        SetErrorLevel 5
        Abort
      ${EndIf}
      Sleep 500
    ${Else}
      MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "${NAME} is open. Quit it, also from its icon beside the clock, then press Retry." IDRETRY again
      Abort
      again:
    ${EndIf}
  ${Loop}
FunctionEnd
!macroend
!insertmacro WAIT_UNTIL_CLOSED ""
!insertmacro WAIT_UNTIL_CLOSED "un."

; Everything in the program's folder that is parts of a version, but those of the versions $8 and $9.
!macro REMOVE_PARTS UN
Function ${UN}RemoveParts
  FindFirst $6 $7 "$INSTDIR\_internal-*"
  ${DoWhile} $7 != ""
    ${If} $7 != "_internal-$8"
    ${AndIf} $7 != "_internal-$9"
      RMDir /r "$INSTDIR\$7"
    ${EndIf}
    FindNext $6 $7
  ${Loop}
  FindClose $6
FunctionEnd
!macroend
!insertmacro REMOVE_PARTS ""
!insertmacro REMOVE_PARTS "un."

; An update that the program asked for (/UPDATE) opens it again: the new version, or the one that stayed.
Function OpenAgain
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPDATE" $1
  ${IfNot} ${Errors}
  ${AndIf} ${FileExists} "$INSTDIR\upschedule.exe"
    Exec '"$INSTDIR\upschedule.exe"'
  ${EndIf}
FunctionEnd

Function GiveUp
  Delete "$INSTDIR\upschedule-new.exe"
  Delete "$INSTDIR\upschedule-new.com"
  ${If} $9 != "${VERSION}"
    RMDir /r "$INSTDIR\${PARTS}"
  ${EndIf}
  Call OpenAgain
FunctionEnd

; The parts of every version lie in a folder of its own, and a program knows those of its version. So the version that
; is there stays whole while the new one is put beside it and tried, and what changes over is one file at a time, each
; in one step: cut off anywhere, a version starts.
Section "install"
  ReadRegStr $9 HKCU "${KEY}" "DisplayVersion" ; the version that is there, empty for none
  ${If} $9 == "${VERSION}"
    Call WaitUntilClosed
  ${Else}
    RMDir /r "$INSTDIR\${PARTS}" ; of an update that was cut off
  ${EndIf}
  ClearErrors
  SetOutPath "$INSTDIR\${PARTS}"
  File /r "${SOURCE}\${PARTS}\*"
  SetOutPath "$INSTDIR"
  File "/oname=upschedule-new.exe" "${SOURCE}\upschedule.exe"
  File "/oname=upschedule-new.com" "${SOURCE}\upschedule.com"
  ${If} ${Errors}
    Call GiveUp
    SetErrorLevel 2
    Abort "The files could not be written. Free some space, then run the installer again."
  ${EndIf}

  nsExec::Exec /TIMEOUT=180000 '"$INSTDIR\upschedule-new.com" --check-start'
  Pop $0
  ${If} $0 != "0"
    Call GiveUp
    SetErrorLevel 3
    Abort "This version does not start on this computer, so nothing was changed."
  ${EndIf}

  Call WaitUntilClosed
  ${If} ${FileExists} "$INSTDIR\upschedule.exe"
  ${AndIf} $9 != "${VERSION}"
    CopyFiles /SILENT "$INSTDIR\upschedule.exe" "$INSTDIR\upschedule-previous.exe"
  ${EndIf}
  ; MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\upschedule-new.com", w "$INSTDIR\upschedule.com", i 9) i .r0'
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\upschedule-new.exe", w "$INSTDIR\upschedule.exe", i 9) i .r1'
  ${If} $0 == 0
  ${OrIf} $1 == 0
    ; One of them may be the new one by now: both versions' parts stay.
    Call OpenAgain
    SetErrorLevel 2
    Abort "The program could not be replaced. Close it, then run the installer again."
  ${EndIf}
  StrCpy $8 "${VERSION}"
  ${If} $9 != "${VERSION}"
    Call RemoveParts
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
  Call OpenAgain
SectionEnd

Section "Uninstall"
  Call un.WaitUntilClosed
  StrCpy $8 ""
  StrCpy $9 ""
  Call un.RemoveParts
  Delete "$INSTDIR\upschedule-*.exe"
  Delete "$INSTDIR\upschedule-*.com"
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
